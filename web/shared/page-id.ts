/**
 * The name of this page for the server, new with each load: the live stream and who is looking go by it. What a page that was left says on its way out so never
 * takes away what the same tab shows next. (What people have typed goes by the tab instead: `form/page.ts`.)
 */
export const pageId = crypto.randomUUID()
