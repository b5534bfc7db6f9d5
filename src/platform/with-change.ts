/** Returns what stands with what is changed in its place; what is left out stays. Pure. */
export function withChange<T extends object>(before: T, change: { readonly [Field in keyof T]?: T[Field] | undefined }): T {
  const after = { ...before }
  for (const field in change) {
    const changed = change[field]
    if (changed !== undefined) after[field] = changed
  }
  return after
}
