//! What came of it, said for a moment at the edge of the screen; with a way back where there is one.
import { App } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '@/api/client.ts'
import { clearPlace, inPlace } from './inPlace.ts'
import { CopyDetails, useSay } from './parts.tsx'

const LONG = 8

/** `undo` is offered for some seconds; what goes wrong with it is said. */
export function useSnack(): (text: string, undo?: () => Promise<unknown>) => void {
  const { message } = App.useApp()
  const { t } = useTranslation()
  const say = useSay()
  return useCallback((text, undo) => {
    if (!undo) return void message.success({ key: inPlace(message, 'snack'), content: text })
    const back = async (): Promise<void> => {
      clearPlace(message, 'snack')
      try {
        await undo()
        void message.success({ key: inPlace(message, 'snack'), content: t('undo.done') })
      } catch (problem) {
        void message.error({ key: inPlace(message, 'snack'), content: say(problem), duration: LONG })
      }
    }
    void message.success({ key: inPlace(message, 'snack'), duration: LONG, content: <>{text} <button type="button" className="quiet on" data-undo onClick={() => void back()}>{t('undo.undo')}</button></> })
  }, [message, t, say])
}

/** Says what went wrong; what it says can be copied for whoever is to help, with the number of the request. */
export function useComplain(): (problem: unknown, place?: string) => void {
  const { message } = App.useApp()
  const say = useSay()
  return useCallback((problem, place) => {
    const copy = problem instanceof Refused && problem.body.request ? <> <CopyDetails error={problem} /></> : null
    void message.error({ ...(place ? { key: inPlace(message, place) } : {}), duration: LONG, content: <>{say(problem)}{copy}</> })
  }, [message, say])
}
