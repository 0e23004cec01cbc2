//! A bar code read with the camera, where the browser can.
import { ScanOutlined } from '@ant-design/icons'
import { Modal } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLatest } from '@/lib/hooks.ts'

interface Found { rawValue: string }
interface Detector { detect: (source: HTMLVideoElement) => Promise<Found[]> }
interface DetectorClass { new (): Detector }

const detectorClass = (): DetectorClass | undefined => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
/** Whether there is a camera to ask for and something that reads codes. */
export const canScan = (): boolean => detectorClass() !== undefined && typeof navigator.mediaDevices?.getUserMedia === 'function'

const LOOK_MS = 150

export function ScanButton({ onCode, label }: { onCode: (code: string) => void; label?: boolean }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  if (!canScan()) return null
  return (
    <>
      <button type="button" className="quiet" data-scan aria-label={t('scan.title')} title={t('scan.title')} onMouseDown={(event) => event.preventDefault()} onClick={() => setOpen(true)}><ScanOutlined />{label && <span>{t('scan.title')}</span>}</button>
      {open && <Scanner onClose={() => setOpen(false)} onCode={(code) => {
        setOpen(false)
        onCode(code)
      }} />}
    </>
  )
}

function Scanner({ onCode, onClose }: { onCode: (code: string) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const video = useRef<HTMLVideoElement>(null)
  const [trouble, setTrouble] = useState('')
  const found = useLatest(onCode)
  useEffect(() => {
    let over = false
    let stream: MediaStream | undefined
    const begin = async (): Promise<void> => {
      const Reader = detectorClass()
      if (!Reader) return
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      } catch {
        // Refused by the person, or there is none.
        return setTrouble(t('scan.no_camera'))
      }
      if (over || !video.current) return stream.getTracks().forEach((track) => track.stop())
      video.current.srcObject = stream
      await video.current.play().catch(() => undefined)
      const reader = new Reader()
      while (!over && video.current) {
        const codes = await reader.detect(video.current).catch(() => [])
        const code = codes[0]?.rawValue.trim()
        if (code && !over) {
          over = true
          return found.current(code)
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      }
    }
    void begin()
    return () => {
      over = true
      stream?.getTracks().forEach((track) => track.stop())
    }
  }, [])
  return (
    <Modal open title={t('scan.title')} footer={null} width={420} onCancel={onClose}>
      {trouble ? <p role="alert" className="hint bad"><span aria-hidden="true">✕</span><span>{trouble}</span></p> : <><video ref={video} className="scanner" muted playsInline aria-label={t('scan.title')} /><p className="muted">{t('scan.text')}</p></>}
    </Modal>
  )
}
