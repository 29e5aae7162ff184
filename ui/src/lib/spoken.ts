/**
 * What a clock says aloud: once at one minute left and once at the limit, never every second.
 *
 * A live region that changed with the digits would talk over the customer.
 */
import { ref, watch, type Ref } from 'vue'
import { SOON } from './time'

export type SpokenMoment = 'soon' | 'due'

/** The text to put into a live region; `say` words the moment. */
export function useSpoken(remaining: Ref<number | null>, say: (moment: SpokenMoment) => string): Ref<string> {
  const spoken = ref('')
  watch(remaining, (now, before) => {
    if (now === null || before === null) return
    if (before > 0 && now <= 0) spoken.value = say('due')
    else if (before > SOON && now <= SOON) spoken.value = say('soon')
    else if (now > before) spoken.value = ''
  })
  return spoken
}
