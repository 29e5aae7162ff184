import '@/styles/base.css'
import { openWindow } from '@/lib/window'

void openWindow('timer', async () => (await import('./TimerWindow.vue')).default)
