import '@/styles/base.css'
import './workbench.css'
import { h } from 'vue'
import { openWindow } from '@/lib/window'
import { know } from '@/texts'
import whole from '@/texts/zh-CN.json'

know(whole)

void openWindow('workbench', async (boot) => {
  const Workbench = (await import('./Workbench.vue')).default
  return { render: () => h(Workbench, { first: boot.page }) }
})
