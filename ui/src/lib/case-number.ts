/** The number of a case as somebody types or pastes a part of it. */

/** At least so many of its last signs; a dash is never among them. */
const ENOUGH = /[^-]{4}$/

/** Without the blanks and the ellipsis that came along. The dashes stay: a number is compared with them. */
export const caseNumber = (typed: string): string => typed.replace(/[…\s]/g, '')

/** Whether it is too little to be looked for. */
export const tooShort = (typed: string): boolean => caseNumber(typed) !== '' && !ENOUGH.test(caseNumber(typed))
