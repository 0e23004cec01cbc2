//! Both languages are in the first load: together they are smaller than one icon set, and switching is instant.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './en.json'
import zh from './zh.json'
import { isText, recall, remember } from '@/lib/local.ts'

export type Lang = 'en' | 'zh'
export const isLang = (value: unknown): value is Lang => value === 'en' || value === 'zh'

const guess = (): Lang => (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en')

export function startLanguage(): void {
  const kept = recall('language', isText, '')
  void i18next.use(initReactI18next).init({
    lng: isLang(kept) ? kept : guess(),
    fallbackLng: 'en',
    resources: { en: { translation: en }, zh: { translation: zh } },
    interpolation: { escapeValue: false },
  })
  dress()
}

function dress(): void {
  document.documentElement.lang = currentLang() === 'zh' ? 'zh-CN' : 'en'
}

export const currentLang = (): Lang => (i18next.language === 'zh' ? 'zh' : 'en')
export const locale = (lang: Lang): string => (lang === 'zh' ? 'zh-CN' : 'en-GB')

export function switchLanguage(lang: Lang): void {
  remember('language', lang)
  void i18next.changeLanguage(lang)
  dress()
}
