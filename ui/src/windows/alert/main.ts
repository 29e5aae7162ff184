import '@/styles/base.css'
import sentences from 'virtual:sentences/alert'
import { openWindow } from '@/lib/window'
import { know } from '@/texts'
import AlertWindow from './AlertWindow.vue'

know(sentences)

void openWindow('alert', () => AlertWindow)
