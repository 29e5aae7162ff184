import '@/styles/base.css'
import sentences from 'virtual:sentences/timer'
import { openWindow } from '@/lib/window'
import { know } from '@/texts'
import TimerWindow from './TimerWindow.vue'

know(sentences)

void openWindow('timer', () => TimerWindow)
