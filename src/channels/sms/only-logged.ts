/** What `SMS_URL` says for an installation that tries text messages out: they go nowhere. */
export const onlyLogged = 'log:'
