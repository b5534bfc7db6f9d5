/** The channels on which citizens and the institute meet, by name. What each can do, the room `channels` says. */
export const channels = ['telephone', 'email', 'pec', 'web', 'counter', 'text-message', 'letter'] as const
export type Channel = (typeof channels)[number]

/** Those on which a citizen comes to us, and a conversation is recorded. */
export const conversationChannels = ['telephone', 'email', 'pec', 'web', 'counter'] as const satisfies readonly Channel[]
