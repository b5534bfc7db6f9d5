/** One file in a list: its name is the download, a picture or a PDF can be looked at, and it is said whether it was checked. */
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isPicture, isShown } from '../../../src/channels/files/shown.ts'
import { Button, Dialog, Icon, Pill } from '../ui/index.ts'
import './files.css'

export interface ShownFile {
  name: string
  type: string
  sizeBytes: number
  scan: 'unchecked' | 'clean' | 'infected'
}

/** As people call it: PDF, PNG; nothing where the content does not show what it is. */
function kindOf(type: string): string {
  if (type === 'application/octet-stream') return ''
  return `${isShown(type) ? (type.split('/').at(-1) ?? type).toUpperCase() : type} · `
}

/**
 * @param address of the download, and of the same shown; undefined for one that is not given out
 * @param children what may be done with it
 */
export function FileLine({
  file,
  address,
  note,
  children,
}: {
  file: ShownFile
  address: { download: string; show: string } | undefined
  note?: ReactNode
  children?: ReactNode
}) {
  const { t, i18n } = useTranslation()
  const size = new Intl.NumberFormat(i18n.language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })
  return (
    <li className="file-line">
      <Icon name="file" />
      <div className="grow">
        {address ? (
          <a href={address.download} download={file.name}>
            {file.name}
          </a>
        ) : (
          <span>{file.name}</span>
        )}
        <div className="row wrap file-facts">
          <small>
            {kindOf(file.type)}
            {size.format(Math.max(1, Math.round(file.sizeBytes / 1024)))}
          </small>
          <Pill small tone={file.scan === 'clean' ? 'ok' : file.scan === 'infected' ? 'late' : 'wait'}>
            {t(`file.scan.${file.scan}`)}
          </Pill>
          {note}
        </div>
      </div>
      <div className="row wrap">
        {address && isShown(file.type) && <Look file={file} show={address.show} />}
        {children}
      </div>
    </li>
  )
}

function Look({ file: { name, type }, show }: { file: ShownFile; show: string }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  if (!isPicture(type))
    return (
      <a
        className="button quiet small-button"
        href={show}
        target="_blank"
        rel="noreferrer"
        aria-label={t('file.openNamed', { name })}
      >
        {t('file.open')}
      </a>
    )
  return (
    <>
      <Button tone="quiet" className="small-button" label={t('file.lookAt', { name })} onPress={() => setOpen(true)}>
        {t('file.look')}
      </Button>
      {isOpen && (
        <Dialog wide toRead isOpen title={name} onClose={() => setOpen(false)}>
          <img className="file-picture" src={show} alt={name} />
        </Dialog>
      )}
    </>
  )
}
