/** Before every test: its screens know the whole catalogue, as the workbench does. */
import { know } from '@/texts'
import zh from '@/texts/zh-CN.json'

know(zh)
