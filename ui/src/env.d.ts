/// <reference types="vite/client" />

declare module 'virtual:small-catalogue' {
  const small: import('./texts').Catalogue
  export default small
}
