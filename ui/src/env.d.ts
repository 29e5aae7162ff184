/// <reference types="vite/client" />

/** The part of the catalogue that a small window can say (see sentences.ts). */
declare module 'virtual:sentences/*' {
  const sentences: import('./texts').Catalogue
  export default sentences
}
