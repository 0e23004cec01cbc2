//! Light, dark, or as the system has it; the same colours for Ant Design's parts and for our own.
import { App, ConfigProvider, theme as antd, type ThemeConfig } from 'antd'
import en from 'antd/locale/en_GB'
import zh from 'antd/locale/zh_CN'
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '@/lib/hooks.ts'
import { recall, remember } from '@/lib/local.ts'
import './theme.css'

export type ThemeWish = 'light' | 'dark' | 'system'
const isWish = (value: unknown): value is ThemeWish => value === 'light' || value === 'dark' || value === 'system'

const ThemeContext = createContext<{ wish: ThemeWish; dark: boolean; choose: (wish: ThemeWish) => void }>({ wish: 'system', dark: false, choose: () => undefined })
export const useTheme = () => useContext(ThemeContext)

const LIGHT = { accent: '#0e6e6f', soft: '#e4f1f0', good: '#2f7a1f', warn: '#8f5b00', bad: '#b9342b', info: '#2460a0', surface: '#ffffff', page: '#f6f7f7', text: '#1c2323', text2: '#56605f', text3: '#626c69', line: '#e6e9e9', strong: '#cfd5d5' }
const DARK = { accent: '#45bcb6', soft: '#17302f', good: '#84c86f', warn: '#e0b058', bad: '#f0857c', info: '#83b5ea', surface: '#191e1e', page: '#121616', text: '#e6ebea', text2: '#a7b1af', text3: '#93a09c', line: '#2a3232', strong: '#414b4b' }

function tokens(dark: boolean, still: boolean): ThemeConfig {
  const c = dark ? DARK : LIGHT
  return {
    algorithm: dark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    cssVar: { key: 'heyi' },
    hashed: false,
    token: {
      colorPrimary: c.accent, colorPrimaryBg: c.soft, controlItemBgActive: c.soft, colorSuccess: c.good, colorWarning: c.warn, colorError: c.bad, colorErrorHover: c.bad, colorInfo: c.info, colorLink: c.accent, colorLinkHover: c.accent, colorLinkActive: c.accent,
      colorBgBase: c.surface, colorBgContainer: c.surface, colorBgElevated: c.surface, colorBgLayout: c.page, colorTextBase: c.text,
      colorText: c.text, colorTextSecondary: c.text2, colorTextTertiary: c.text3, colorTextDescription: c.text3, colorTextPlaceholder: c.text3, colorBorder: c.strong, colorBorderSecondary: c.line,
      ...(dark ? { colorTextLightSolid: '#06201f' } : {}),
      borderRadius: 6, borderRadiusLG: 8, borderRadiusSM: 5, fontSize: 14, controlHeight: 32, controlHeightSM: 28, motionDurationMid: '0.1s', motionDurationSlow: '0.12s', motion: !still,
      fontFamily: 'var(--font)',
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500 },
      Modal: { titleFontSize: 16 },
      Tooltip: dark ? { colorBgSpotlight: '#333c3c', colorTextLightSolid: '#e6ebea' } : { colorBgSpotlight: '#2a3232' },
      Tabs: { horizontalMargin: '0' },
      Segmented: { itemSelectedColor: c.text },
    },
  }
}

export function Theme({ children }: { children: ReactNode }) {
  const [wish, setWish] = useState<ThemeWish>(() => recall('theme', isWish, 'system'))
  const system = useMedia('(prefers-color-scheme: dark)')
  const printing = useMedia('print')
  const still = useMedia('(prefers-reduced-motion: reduce)')
  const { i18n } = useTranslation()
  const dark = !printing && (wish === 'dark' || (wish === 'system' && system))
  useEffect(() => {
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
  }, [dark])
  const choose = useCallback((next: ThemeWish) => {
    remember('theme', next)
    setWish(next)
  }, [])
  const config = useMemo(() => tokens(dark, still), [dark, still])
  const value = useMemo(() => ({ wish, dark, choose }), [wish, dark, choose])
  return (
    <ThemeContext value={value}>
      <ConfigProvider theme={config} locale={i18n.language === 'zh' ? zh : en} componentSize="medium" button={{ autoInsertSpace: false }} wave={{ disabled: true }}>
        <App notification={{ placement: 'bottomRight', maxCount: 4 }} message={{ maxCount: 3 }} component={false}>{children}</App>
      </ConfigProvider>
    </ThemeContext>
  )
}
