import '@/styles/base.css'
import { openWindow } from '@/lib/window'
import AlertWindow from './AlertWindow.vue'

void openWindow('alert', () => AlertWindow)
