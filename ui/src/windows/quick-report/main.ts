import '@/styles/base.css'
import sentences from 'virtual:sentences/quick-report'
import { h } from 'vue'
import { openWindow } from '@/lib/window'
import { know } from '@/texts'
import QuickReport from './QuickReport.vue'

know(sentences)

void openWindow('quick_report', (boot) => ({ render: () => h(QuickReport, { first: boot.report }) }))
