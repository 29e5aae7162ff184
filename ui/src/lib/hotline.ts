/** The telephone way of the rule (article 10-3), known before the first contact with the centre. */
import { desk } from '@/stores/desk'

export const hotline = (): string => desk.reference?.hotline ?? '95518-6'
