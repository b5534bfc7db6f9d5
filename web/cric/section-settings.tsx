/** Settings of one of the reader's sections: a button, and a dialog in which another section can be chosen. */
import { type ReactNode, useState } from 'react'
import { Button } from '../shared/ui/index.ts'

interface Section {
  id: string
  name: string
}

export interface SectionDialogProps {
  section: Section
  sections: readonly Section[]
  onChoose: (id: string | null) => void
  onClose: () => void
}

/** @param children draws the dialog, anew for each section */
export function SectionSettings({
  label,
  sections,
  children,
}: {
  label: string
  sections: readonly Section[]
  children: (props: SectionDialogProps) => ReactNode
}) {
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const section = sections.find(each => each.id === chosen) ?? sections[0]
  if (!section) return null
  return (
    <>
      <Button icon="settings" onPress={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen && children({ section, sections, onChoose: setChosen, onClose: () => setOpen(false) })}
    </>
  )
}
