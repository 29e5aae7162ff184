import '@/styles/base.css'
import './workbench.css'
import { h } from 'vue'
import { openWindow } from '@/lib/window'

void openWindow('workbench', async (boot) => {
  const Workbench = (await import('./Workbench.vue')).default
  return { render: () => h(Workbench, { first: boot.page }) }
})
