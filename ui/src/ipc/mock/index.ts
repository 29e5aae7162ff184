export { host } from '../tauri'
