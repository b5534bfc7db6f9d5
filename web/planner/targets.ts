/** What staff is planned for, as it is chosen on the page and asked of the server. */
export const targets = ['80-20', '90-20', '80-60', 'abandoned-5'] as const
export type Target = (typeof targets)[number]

export const asked: Readonly<Record<Target, Record<string, number>>> = {
  '80-20': { answered: 0.8, withinSeconds: 20 },
  '90-20': { answered: 0.9, withinSeconds: 20 },
  '80-60': { answered: 0.8, withinSeconds: 60 },
  'abandoned-5': { abandonedBelow: 0.05 },
}

export const targetFrom = (id: string | null): Target => targets.find(each => each === id) ?? '80-20'
