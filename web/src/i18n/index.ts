//! The words of the language one reads; those of the other come when it is chosen.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { isText, recall, remember } from '@/lib/local.ts'

export type Lang = 'en' | 'zh'
export const isLang = (value: unknown): value is Lang => value === 'en' || value === 'zh'

const guess = (): Lang => (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en')

const words = async (lang: Lang): Promise<Record<string, unknown>> => (lang === 'zh' ? await import('./zh.json') : await import('./en.json')).default

/** A name as it stands within an English sentence: “New sales order”. What is in capitals, such as API keys, stays so. */
export const mid = (name: string): string => (/^[A-Z][a-z]*(?![A-Za-z0-9])/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name)

export async function startLanguage(): Promise<void> {
  const kept = recall('language', isText, '')
  const lang = isLang(kept) ? kept : guess()
  await i18next.use(initReactI18next).init({
    lng: lang,
    fallbackLng: false,
    resources: { [lang]: { translation: await words(lang) } },
    interpolation: { escapeValue: false },
  })
  i18next.services.formatter?.add('mid', (value) => mid(String(value)))
  dress()
}

function dress(): void {
  document.documentElement.lang = currentLang() === 'zh' ? 'zh-CN' : 'en'
}

export const currentLang = (): Lang => (i18next.language === 'zh' ? 'zh' : 'en')
export const locale = (lang: Lang): string => (lang === 'zh' ? 'zh-CN' : 'en-GB')

export async function switchLanguage(lang: Lang): Promise<void> {
  remember('language', lang)
  if (!i18next.hasResourceBundle(lang, 'translation')) i18next.addResourceBundle(lang, 'translation', await words(lang))
  await i18next.changeLanguage(lang)
  dress()
}
