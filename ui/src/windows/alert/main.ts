import '@/styles/base.css'
import { openWindow } from '@/lib/window'

void openWindow('alert', async () => (await import('./AlertWindow.vue')).default)
