import '@/styles/base.css'
import { h } from 'vue'
import { openWindow } from '@/lib/window'
import QuickReport from './QuickReport.vue'

void openWindow('quick_report', (boot) => ({ render: () => h(QuickReport, { first: boot.report }) }))
