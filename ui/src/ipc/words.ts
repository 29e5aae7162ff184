/** The lists of words as values, in the contract's order. */
export * from './gen/words'
