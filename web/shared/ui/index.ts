/** React Aria's components, dressed once. */
export { Button, type ButtonProps, classes, Link, Tip } from './button.tsx'
export { CheckBox } from './check-box.tsx'
export { type Choice, ComboBox, type ComboBoxProps, Select } from './choices.tsx'
export { type DataColumn, DataTable } from './data-table.tsx'
export { DateField, type DateFieldProps } from './date-field.tsx'
export { TextArea, type TextAreaProps, TextField, type TextFieldProps } from './fields.tsx'
export { FormDialog, type FormDialogProps } from './form-dialog.tsx'
export { Icon, type IconName } from './icon.tsx'
export { Kbd } from './kbd.tsx'
export { PagedList, type Pages } from './list.tsx'
export { LinesToOpen, ListAndDetail } from './list-and-detail.tsx'
export { notify } from './notices.ts'
export { Opened } from './opened.tsx'
export { Dialog, type DialogProps, Menu, type MenuEntry, Sheet } from './overlays.tsx'
export {
  Avatar,
  Card,
  EmptyState,
  ErrorState,
  initials,
  Loading,
  Notice,
  Pill,
  Problem,
  type TabEntry,
  Tabs,
  type Tone,
} from './parts.tsx'
export { Phone, phoneText } from './phone.tsx'
export { SortedHead } from './sorted-head.tsx'
export { Ago, Countdown, Due, Duration, Time, useNow } from './time.tsx'
export { Toasts } from './toast.tsx'
