/** A file as it travels: its bytes in Base64. */

/** The centre takes no more. */
export const FILE_LIMIT = 16 * 1024 * 1024
/** Characters of one call: more at once would not fit on the stack. */
const PORTION = 0x8000

export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += PORTION) text += String.fromCharCode(...bytes.subarray(at, at + PORTION))
  return btoa(text)
}
