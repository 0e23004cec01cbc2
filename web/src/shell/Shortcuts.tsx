import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useAllCommands, type Command } from '@/lib/commands.ts'
import { isMac } from '@/lib/keys.ts'
import { Caps } from '@/ui/parts.tsx'

/** `?`: all keys that do something here, read off the same list as the palette. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const seen = new Set<string>()
  const commands = useAllCommands().filter((command) => command.hotkey && !seen.has(command.hotkey) && seen.add(command.hotkey))
  const part = (group: Command['group'], title: string) => {
    const own = commands.filter((command) => command.group === group)
    return own.length > 0 && (
      <section><h3>{title}</h3><dl>{own.map((command) => <div key={command.id}><dt>{command.label}</dt><dd><Caps hotkey={command.hotkey ?? ''} /></dd></div>)}</dl></section>
    )
  }
  return (
    <Modal open title={t('keys.title')} onCancel={onClose} footer={null} width={760}>
      <div className="shortcuts">
        {part('page', t('palette.page'))}
        {part('go', t('palette.go'))}
        <div>
          {part('app', t('palette.app'))}
          <section><h3>{t('keys.lines')}</h3><dl>
            <div><dt>{t('keys.next_cell')}</dt><dd><Caps hotkey="tab" /></dd></div>
            <div><dt>{t('keys.next_line')}</dt><dd><Caps hotkey="enter" /></dd></div>
            <div><dt>{t('keys.up_down')}</dt><dd><span className="caps"><kbd className="cap">↑</kbd><kbd className="cap">↓</kbd></span></dd></div>
            <div><dt>{t('keys.delete_line')}</dt><dd><Caps hotkey="ctrl+backspace" /></dd></div>
            <div><dt>{t('keys.move_line')}</dt><dd><span className="caps"><Caps hotkey="ctrl+arrowup" /><Caps hotkey="ctrl+arrowdown" /></span></dd></div>
            <div><dt>{t('keys.same_line')}</dt><dd><Caps hotkey="ctrl+d" /></dd></div>
          </dl></section>
          <section><h3>{t('keys.everywhere')}</h3><dl>
            <div><dt>{t('keys.letters')}</dt><dd><span className="caps"><kbd className="cap">{isMac() ? '⌥' : 'Alt'}</kbd></span></dd></div>
            <div><dt>{t('keys.confirm')}</dt><dd><Caps hotkey="ctrl+enter" /></dd></div>
          </dl></section>
          <section><h3>{t('keys.lists')}</h3><dl>
            <div><dt>{t('keys.move')}</dt><dd><Caps hotkey="j k" /></dd></div>
            <div><dt>{t('keys.open')}</dt><dd><Caps hotkey="enter" /></dd></div>
            <div><dt>{t('keys.select')}</dt><dd><Caps hotkey="space" /></dd></div>
          </dl></section>
        </div>
      </div>
    </Modal>
  )
}
