/** Files of an activity: added by a button, opened, taken away and put back. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FileTrigger } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Activity, Material } from '../../src/prevention/model.ts'
import { addressOf, api, sentenceOf } from '../shared/api.ts'
import { bytesOfFile } from '../shared/files/bytes.ts'
import { FileLine } from '../shared/files/file-line.tsx'
import { goToStep } from '../shared/focus.ts'
import { date } from '../shared/time.ts'
import { Button, Card, notify, Problem, useNow } from '../shared/ui/index.ts'
import { activityKey } from './queries.ts'

export function Materials({ activity }: { activity: Activity }) {
  const { t, i18n } = useTranslation('web-prevention')
  const client = useQueryClient()
  const now = useNow()
  const { id: activityId, materials } = activity
  const mayKeep = activity.change.allowed
  const readAnew = () =>
    Promise.all(
      [activityKey(activityId), ['activity-history', activityId]].map(queryKey => client.invalidateQueries({ queryKey })),
    )
  const add = useMutation({
    async mutationFn(files: readonly File[]) {
      for (const file of files)
        await api.post('/api/prevention/:activityId/materials', {
          path: { activityId },
          query: { name: file.name },
          body: bytesOfFile(file),
        })
    },
    onSettled: readAnew,
  })
  const restore = useMutation({
    mutationFn: ({ id }: Material) =>
      api.post('/api/prevention/:activityId/materials/:materialId/restore', { path: { activityId, materialId: id } }),
    onSuccess: readAnew,
    onError: error => notify(sentenceOf(error), 'late'),
  })
  const remove = useMutation({
    mutationFn: ({ id }: Material) =>
      api.delete('/api/prevention/:activityId/materials/:materialId', { path: { activityId, materialId: id } }),
    async onSuccess(_, material) {
      notify(t('materials.removed', { name: material.name }), 'plain', {
        label: t('materials.restore'),
        run: () => restore.mutate(material),
      })
      await readAnew()
      goToStep('add-material')
    },
  })
  return (
    <Card
      title={t('materials.title')}
      aside={
        mayKeep && (
          <FileTrigger allowsMultiple onSelect={files => files && add.mutate([...files])}>
            <Button className="small-button" icon="plus" isPending={add.isPending} step="add-material">
              {t('materials.add')}
            </Button>
          </FileTrigger>
        )
      }
    >
      {materials.length === 0 && <p className="muted">{t('materials.none')}</p>}
      <ul className="file-list">
        {materials.map(material => {
          const path = { activityId, materialId: material.id }
          return (
            <FileLine
              key={material.id}
              file={material}
              address={{
                download: addressOf('/api/prevention/:activityId/materials/:materialId', { path }),
                show: addressOf('/api/prevention/:activityId/materials/:materialId', { path, query: { show: 'true' } }),
              }}
              note={
                <small>
                  {material.byName} · {date(Date.parse(material.at), i18n.language, now)}
                </small>
              }
            >
              {mayKeep && (
                <Button
                  tone="quiet"
                  icon="close"
                  label={t('materials.remove', { name: material.name })}
                  isPending={remove.isPending && remove.variables.id === material.id}
                  onPress={() => remove.mutate(material)}
                />
              )}
            </FileLine>
          )
        })}
      </ul>
      <Problem error={add.error ?? remove.error} />
    </Card>
  )
}
