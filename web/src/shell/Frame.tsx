import { AppstoreOutlined, BgColorsOutlined, DownOutlined, HomeOutlined, KeyOutlined, LogoutOutlined, MenuFoldOutlined, MenuUnfoldOutlined, MobileOutlined, QuestionCircleOutlined, ReadOutlined, SearchOutlined, TranslationOutlined, UserOutlined } from '@ant-design/icons'
import { App, Dropdown, type MenuProps } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, onExpired } from '@/api/client.ts'
import { listen } from '@/api/live.ts'
import { useSession } from '@/api/queries.ts'
import { currentLang, switchLanguage, type Lang } from '@/i18n/index.ts'
import { useCommands, type Command } from '@/lib/commands.ts'
import { Go, href, useGo } from '@/lib/go.tsx'
import { usePhone } from '@/lib/hooks.ts'
import { initials } from '@/lib/initials.ts'
import { isFlag, recall, remember } from '@/lib/local.ts'
import { isMac } from '@/lib/keys.ts'
import { forgetOuting, isWith } from '@/lib/outing.ts'
import { useMeta } from '@/meta/meta.ts'
import { Mark } from '@/ui/Mark.tsx'
import { useTheme, type ThemeWish } from '@/ui/theme.tsx'
import { useComplain } from '@/ui/Snack.tsx'
import { AltHints } from './AltHints.tsx'
import { Favourites } from './Favourites.tsx'
import { Hover } from './Hover.tsx'
import { Inbox } from './Inbox.tsx'
import { makings, wordsOf } from './making.ts'
import { Queue } from './Queue.tsx'
import { Modules } from './Modules.tsx'
import { Weather } from './Weather.tsx'
import { useHotkeys } from './hotkeys.ts'
import './shell.css'

const Palette = lazy(() => import('./Palette.tsx'))
const Password = lazy(() => import('./Password.tsx'))
const SecondFactor = lazy(() => import('./SecondFactor.tsx'))
const Shortcuts = lazy(() => import('./Shortcuts.tsx'))
const SignInAgain = lazy(() => import('./SignInAgain.tsx'))
const Drawer = lazy(() => import('./drawer.ts'))

/** G, then this letter. */
const LETTERS: Record<string, string> = { party: 'c', product: 'p', sales_order: 'o', quotation: 'q', invoice: 'i', delivery: 'd', payment: 'y', purchase_order: 'u', bill: 'b', lead: 'l', deal: 'e', ticket: 't', account: 'a', work_order: 'w', task: 'k' }

/** Modules that have a digit. */
const DIGITS = 9

export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const meta = useMeta()
  const session = useSession()
  const client = useQueryClient()
  const go = useGo()
  const phone = usePhone()
  const complain = useComplain()
  const { message } = App.useApp()
  const { wish, choose } = useTheme()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const address = useRouterState({ select: (state) => state.location.href })
  const [narrow, setNarrow] = useState(() => recall('menu.narrow', isFlag, innerWidth < 1100))
  const [drawer, setDrawer] = useState(false)
  // It stays to be seen closing.
  const [drawn, setDrawn] = useState(false)
  const [palette, setPalette] = useState(false)
  const [keys, setKeys] = useState(false)
  const [password, setPassword] = useState(false)
  const [second, setSecond] = useState(false)
  const [expired, setExpired] = useState(false)
  useHotkeys((because) => void message.info(because))
  useEffect(() => listen(client), [client])
  useEffect(() => onExpired(setExpired), [])
  useEffect(() => isWith(session.user.id, session.user.name), [session.user.id])
  useEffect(() => setDrawer(false), [path])

  const fold = (): void => {
    remember('menu.narrow', !narrow)
    setNarrow(!narrow)
  }
  const speak = (lang: Lang): void => {
    void switchLanguage(lang)
    void api.changeSession({ language: lang }).catch(() => undefined)
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'meta' && queryKey[0] !== 'session' })
  }
  const signOut = async (): Promise<void> => {
    try {
      await api.signOut()
      forgetOuting()
    } catch (error) {
      return complain(error)
    }
    location.assign('/')
  }
  const work = async (company: string): Promise<void> => {
    try {
      await api.changeSession({ company })
      location.assign('/')
    } catch (error) {
      complain(error)
    }
  }

  const commands = useMemo((): Command[] => {
    const seen = new Set<string>()
    const places = meta.data.modules.flatMap((module) =>
      module.menu.flatMap((item): Command[] => {
        const to = meta.menuPath(item)
        if (seen.has(to)) return []
        seen.add(to)
        const entity = meta.entity(item.entity ?? '')
        const letter = item.entity ? LETTERS[item.entity] : undefined
        return [{ id: to, label: meta.menuLabel(item), group: 'go', words: `${meta.say(module.label)} ${entity ? wordsOf(entity) : (item.report ?? '')}`, ...(letter ? { hotkey: `g ${letter}` } : {}), run: () => go(to) }]
      }))
    const fresh = makings(meta, { newWhat: (what) => t('list.new_what', { what }), mayNot: t('palette.may_not') }, go)
    return [
      { id: '/', label: t('shell.home'), group: 'go', hotkey: 'g h', run: () => go('/') },
      ...places,
      ...meta.data.modules.filter((module) => module.menu.length).slice(0, DIGITS).flatMap((module, at): Command[] => {
        const [first] = module.menu
        return first ? [{ id: `module-${module.name}`, label: meta.say(module.label), group: 'go', hotkey: `alt+${at + 1}`, run: () => go(meta.menuPath(first)) }] : []
      }),
      ...fresh,
    ]
  }, [meta, t, go])
  useCommands(commands)
  useCommands([
    { id: 'palette', label: t('palette.title'), group: 'app', hotkey: 'ctrl+k', run: () => setPalette(true) },
    { id: 'keys', label: t('keys.title'), group: 'app', hotkey: '?', run: () => setKeys(true) },
    { id: 'manual', label: t('manual.open'), group: 'app', hotkey: 'f1', words: 'help manual 帮助 手册', run: () => go(href('/manual/', { about: path.split('/')[path.startsWith('/report/') ? 2 : 1] })) },
    { id: 'lang', label: currentLang() === 'zh' ? 'Switch to English' : '切换为中文', group: 'app', words: 'language 语言 english 中文', run: () => speak(currentLang() === 'zh' ? 'en' : 'zh') },
    ...(['light', 'dark', 'system'] as const).filter((one) => one !== wish).map((one) => ({ id: `theme-${one}`, label: t('shell.use_theme', { what: t(`theme.${one}`) }), group: 'app' as const, words: 'theme 主题', run: () => choose(one) })),
    { id: 'fold', label: t('shell.fold'), group: 'app', hotkey: 'ctrl+b', run: fold },
    { id: 'out', label: t('shell.sign_out'), group: 'app', run: () => void signOut() },
  ])

  // With many modules open the place where one is may lie below the fold.
  useEffect(() => {
    document.querySelector('.side-scroll .on, .side-scroll [aria-current=page]')?.scrollIntoView({ block: 'nearest' })
  }, [path])

  const account: MenuProps['items'] = [
    { key: 'who', type: 'group', label: <span>{session.user.name}<br /><span className="faint">{session.user.login}</span></span> },
    { key: 'language', icon: <TranslationOutlined />, label: t('shell.language'), children: [{ key: 'zh', label: '中文', onClick: () => speak('zh') }, { key: 'en', label: 'English', onClick: () => speak('en') }] },
    { key: 'theme', icon: <BgColorsOutlined />, label: t('shell.theme'), children: (['light', 'dark', 'system'] as ThemeWish[]).map((one) => ({ key: `theme-${one}`, label: `${t(`theme.${one}`)}${one === wish ? ' ✓' : ''}`, onClick: () => choose(one) })) },
    { key: 'manual', icon: <ReadOutlined />, label: t('manual.open'), onClick: () => go('/manual/') },
    { key: 'keys', icon: <QuestionCircleOutlined />, label: t('keys.title'), onClick: () => setKeys(true) },
    { key: 'second', icon: <MobileOutlined />, label: t('second.title'), onClick: () => setSecond(true) },
    { key: 'password', icon: <KeyOutlined />, label: t('sign_in.change_password'), onClick: () => setPassword(true) },
    { type: 'divider' },
    { key: 'out', icon: <LogoutOutlined />, label: t('shell.sign_out'), onClick: () => void signOut() },
  ]
  const companies: MenuProps['items'] = session.companies.map((one) => ({ key: one.id, label: <span className="spread">{one.label}<span className="faint">{one.currency}</span></span>, disabled: one.id === session.company.id, onClick: () => void work(one.id) }))
  const company = (
    <Dropdown menu={{ items: companies }} trigger={['click']} disabled={session.companies.length < 2}>
      <button type="button" className="company" title={session.company.label}>
        <Mark />
        {(!narrow || phone) && <><span className="clip">{session.company.label}</span>{session.companies.length > 1 && <DownOutlined style={{ fontSize: 10 }} />}</>}
      </button>
    </Dropdown>
  )
  const me = (
    <Dropdown menu={{ items: account }} trigger={['click']} placement="topLeft">
      <button type="button" className="nav-item" aria-label={narrow && !phone ? session.user.name : undefined}><span className="avatar" aria-hidden="true">{initials(session.user.name)}</span>{(!narrow || phone) && <span className="clip">{session.user.name}</span>}</button>
    </Dropdown>
  )
  return (
    <div className={phone ? 'frame phone' : narrow ? 'frame narrow' : 'frame'}>
      <a className="skip" href="#content">{t('shell.skip')}</a>
      {!phone && (
        <nav className="side" aria-label={t('shell.menu')}>
          {company}
          <button type="button" className="side-search" onClick={() => setPalette(true)} aria-label={narrow ? t('shell.search') : undefined}><SearchOutlined />{!narrow && <><span>{t('shell.search')}</span><span className="cap">{isMac() ? '⌘ K' : 'Ctrl K'}</span></>}</button>
          <div className="side-scroll">
            <Go to="/" className={path === '/' ? 'nav-item on' : 'nav-item'} current={path === '/'} title={narrow ? t('shell.home') : undefined}><HomeOutlined />{!narrow && <span>{t('shell.home')}</span>}</Go>
            <Favourites address={address} narrow={narrow} />
            <Modules meta={meta} path={path} narrow={narrow} />
          </div>
          <div className="side-foot">
            {me}
            <Inbox />
            <button type="button" className="quiet" onClick={fold} aria-label={t('shell.fold')} title={`${t('shell.fold')} (Ctrl B)`}>{narrow ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}</button>
          </div>
        </nav>
      )}
      <div className="content" id="content">
        <Weather />
        <Queue user={session.user.id} />
        <div className="content-page">{children}</div>
      </div>
      {phone && (
        <nav className="bottom" aria-label={t('shell.menu')}>
          <Go to="/" className={path === '/' ? 'on' : undefined} current={path === '/'}><HomeOutlined /><span>{t('shell.home')}</span></Go>
          <button type="button" onClick={() => setPalette(true)}><SearchOutlined /><span>{t('shell.search')}</span></button>
          <button type="button" className={drawer ? 'on' : undefined} onClick={() => {
            setDrawn(true)
            setDrawer(true)
          }}><AppstoreOutlined /><span>{t('shell.menu')}</span></button>
          <Inbox bar />
          <Dropdown menu={{ items: account }} trigger={['click']} placement="topRight"><button type="button"><UserOutlined /><span>{t('shell.me')}</span></button></Dropdown>
        </nav>
      )}
      {drawn && <Suspense><Drawer open={drawer} onClose={() => setDrawer(false)} placement="bottom" size="80%" title={company} styles={{ body: { padding: 8 } }}><Favourites address={address} narrow={false} /><Modules meta={meta} path={path} narrow={false} /></Drawer></Suspense>}
      <AltHints />
      <Hover />
      <Suspense>
        {palette && <Palette onClose={() => setPalette(false)} />}
        {second && <SecondFactor onClose={() => setSecond(false)} />}
        {password && <Password onClose={() => setPassword(false)} />}
        {expired && <SignInAgain />}
        {keys && <Shortcuts onClose={() => setKeys(false)} />}
      </Suspense>
    </div>
  )
}
