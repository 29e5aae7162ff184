import '@/styles/base.css'
import { openWindow } from '@/lib/window'

void openWindow('quick_report', async () => (await import('./QuickReport.vue')).default)
