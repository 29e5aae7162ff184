/** The host of these pages, and the types of the contract. */
export { host } from '#host'
export type * from './gen'
export type { ArgsOf, CommandName, Host, ResultOf } from './host'
