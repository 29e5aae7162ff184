import '@/styles/base.css'
import { openWindow } from '@/lib/window'

void openWindow('workbench', async () => (await import('./Workbench.vue')).default)
