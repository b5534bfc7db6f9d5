/** Signing in. With the sample institute it lists the accounts, one press each. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SignIn } from '../../src/identity/model.ts'
import { ApiProblem, api, errorsOf, missing } from '../shared/api.ts'
import { type Language, speak } from '../shared/texts.ts'
import { keepOfficeTime } from '../shared/time.ts'
import { Button, Link, Notice, Problem, TextField } from '../shared/ui/index.ts'
import './sign-in.css'

export default function SignInPage() {
  const { t, i18n } = useTranslation()
  const { next } = useSearch({ strict: false })
  const client = useQueryClient()
  const navigate = useNavigate()
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const [needsNew, setNeedsNew] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [sending, setSending] = useState(false)
  const [chosen, setChosen] = useState<Language | null>(null)
  /** Accounts of the sample institute; none on every other installation. */
  const sample = useQuery({
    queryKey: ['sample-accounts'],
    queryFn: () => api.get('/api/session/sample-accounts'),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  // Whoever was signed in here and is no longer learns why.
  const ended = useQuery({
    queryKey: ['session-ended', i18n.language],
    queryFn: () => api.get('/api/session/ended'),
    retry: false,
  })
  useEffect(() => {
    document.title = `${t('signIn.title')} · Filo Diretto`
  }, [t])

  const signIn = async (input: SignIn) => {
    const empty = {
      ...(input.user.trim() === '' ? { user: t('signIn.userMissing') } : {}),
      ...(input.password === '' ? { password: t('signIn.passwordMissing') } : {}),
    }
    if (Object.keys(empty).length > 0) return setError(missing(empty))
    setSending(true)
    setError(null)
    try {
      const session = await api.post('/api/session', { body: input })
      client.setQueryData(['session'], session)
      keepOfficeTime(session.timeZone)
      // Who has chosen a language on this page has chosen it for good; otherwise the one chosen before is spoken, on whatever computer.
      if (chosen === null) await speak(session.language)
      else if (chosen !== session.language)
        client.setQueryData(['session'], await api.put('/api/session/language', { body: { language: chosen } }))
      // In the place of this page: back leads to where one was, not to a form for who is signed in.
      await navigate({ to: next ?? '/', replace: true })
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.code === 'identity.newPasswordNeeded') setNeedsNew(true)
      else setError(problem)
    } finally {
      setSending(false)
    }
  }

  const errors = errorsOf(error)
  const chooseLanguage = () => {
    const language = i18n.language === 'it' ? 'en' : 'it'
    setChosen(language)
    void speak(language)
  }

  return (
    <div className="sign-in">
      <header className="bar">
        <span className="brand" aria-hidden="true">
          Fd
        </span>
        <b className="grow" style={{ fontSize: 17 }}>
          Filo Diretto
        </b>
        <Button tone="quiet" className="on-night" onPress={chooseLanguage}>
          {t('language.other')}
        </Button>
      </header>
      <main className="sign-in-body">
        <form
          className="card col"
          noValidate
          onSubmit={event => {
            event.preventDefault()
            void signIn({ user, password, ...(needsNew ? { newPassword } : {}) })
          }}
        >
          <h1>{t('signIn.title')}</h1>
          {ended.data?.sentence && <Notice tone="wait">{ended.data.sentence}</Notice>}
          <TextField
            label={t('signIn.user')}
            name="user"
            value={user}
            onChange={setUser}
            error={errors.user}
            autoComplete="username"
            autoFocus
            isRequired
          />
          <TextField
            label={t('signIn.password')}
            name="password"
            type="password"
            value={password}
            onChange={setPassword}
            error={errors.password}
            autoComplete="current-password"
            isRequired
          />
          {needsNew && (
            <>
              <Notice live>{t('signIn.newPasswordNeeded')}</Notice>
              <TextField
                label={t('signIn.newPassword')}
                name="new-password"
                type="password"
                value={newPassword}
                onChange={setNewPassword}
                autoComplete="new-password"
                hint={t('signIn.newPasswordHint')}
                error={errors.newPassword}
                autoFocus
                isRequired
              />
            </>
          )}
          {Object.keys(errors).length === 0 && <Problem error={error} />}
          <Button type="submit" tone="primary" tall isPending={sending}>
            {t('signIn.enter')}
          </Button>
          <p className="small">
            {t('signIn.citizen')} <Link to="/telephone">{t('signIn.telephone')}</Link>
          </p>
        </form>
        {sample.data && sample.data.accounts.length > 0 && (
          <section className="card flush" aria-labelledby="sample">
            <div className="card-head">
              <h2 id="sample" className="grow">
                {t('signIn.sample')}
              </h2>
            </div>
            <p className="small" style={{ padding: '0 16px 12px' }}>
              {t('signIn.sampleText', { password: sample.data.password })}
            </p>
            <ul className="accounts">
              {sample.data.accounts.map(account => (
                <li key={account.user}>
                  <button
                    type="button"
                    onClick={() => void signIn({ user: account.user, password: sample.data.password })}
                    disabled={sending}
                  >
                    <b>{account.name}</b>
                    <span className="small">
                      {t(`roles.${account.role}`)} · {account.unitName}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </main>
    </div>
  )
}
