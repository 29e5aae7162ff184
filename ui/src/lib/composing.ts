/**
 * Whether a key belongs to the input method that is composing Chinese.
 *
 * WebKit has already cleared `isComposing` on the Enter that confirms pinyin; only the key code 229 still tells.
 */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}
