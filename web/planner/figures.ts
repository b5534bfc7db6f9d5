/** Numbers as this page writes them, in the language of the reader. */
import { useTranslation } from 'react-i18next'

export function useFigures() {
  const { i18n } = useTranslation()
  const whole = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 })
  const share = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 })
  const tenths = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 })
  const number = (value: number) => whole.format(value)
  const percent = (value: number) => share.format(value)
  /** Beyond a minute and a half people count in minutes. */
  const seconds = (ms: number) => {
    const total = Math.round(Math.abs(ms) / 1000)
    const sign = ms < 0 && total > 0 ? '−' : ''
    return sign + (total < 90 ? `${total} s` : `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')} min`)
  }
  const signed = (value: number, said: (value: number) => string) => `${value >= 0 ? '+' : '−'}${said(Math.abs(value))}`
  const points = (value: number) => tenths.format(value * 100)
  return { number, percent, seconds, signed, points, tenths: (value: number) => tenths.format(value) }
}
