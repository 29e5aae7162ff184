import '@/styles/base.css'
import { openWindow } from '@/lib/window'
import TimerWindow from './TimerWindow.vue'

void openWindow('timer', () => TimerWindow)
