// Secrets that are known by their form. Every expression is linear: an open run of characters is entered at its start alone (lookbehind), or cannot hold the
// word that it is entered by, or is the expression's end; what is looked for ahead has a bound.

interface SecretForm {
  readonly kind: string;
  /** Global; where it has a group `keep`, that part stays. */
  readonly form: RegExp;
}

export const secretForms: readonly SecretForm[] = [
  {
    kind: "URL credentials",
    form: /(?<keep>:\/\/)(?:[^\s/?#@:"'<>]*:[^\s/?#"'<>]*|[^\s/?#@:"'<>]{20,})(?=@)/g,
  },
  { kind: "Slack webhook", form: /(?<keep>hooks\.slack\.com\/services\/)[\w/]{8,}/g },
  { kind: "GitHub token", form: /(?<!\w)(?:gh[pousr]_\w{16,}|github_pat_\w{20,})/g },
  { kind: "GitLab token", form: /(?<![\w-])glpat-[\w-]{16,}/g },
  { kind: "AWS key", form: /(?<![A-Z\d])(?:AKIA|ASIA)[A-Z\d]{16}(?![A-Z\d])/g },
  { kind: "AWS key", form: /(?<keep>aws_?secret_?(?:access_?)?key\W{1,8})[A-Za-z\d/+=]{30,}/gi },
  { kind: "Slack token", form: /(?<![\w-])xox[a-z]-[\w-]{10,}/g },
  { kind: "Stripe key", form: /(?<!\w)(?:[prs]k_(?:live|test)_\w{10,}|whsec_[\w+/=]{16,})/g },
  { kind: "Google key", form: /(?<![\w-])AIza[\w-]{30,}/g },
  { kind: "Anthropic key", form: /(?<![\w-])sk-ant-[\w-]{16,}/g },
  { kind: "OpenAI key", form: /(?<![\w-])sk-(?=[A-Za-z_-]*\d)[\w-]{20,}/g },
  { kind: "npm token", form: /(?<!\w)npm_[A-Za-z\d]{30,}/g },
  { kind: "Hugging Face token", form: /(?<!\w)hf_[A-Za-z\d]{30,}/g },
  { kind: "JWT", form: /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g },
  {
    kind: "authorization",
    form: /(?<keep>\bauthorization\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["'`]?(?:basic|bearer|token|digest|negotiate)[ \t]{1,4})[\w.~+/=:-]{6,}/gi,
  },
  {
    kind: "authorization",
    form: /(?<keep>\bauthorization\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["'`]?)(?=[a-z_.~+/=:-]{0,64}\d)[\w.~+/=:-]{8,}/gi,
  },
  { kind: "authorization", form: /(?<keep>\bbearer[ \t]{1,4})(?=[a-z_.~+/=-]{0,64}\d)[\w.~+/=-]{16,}/gi },
  {
    kind: "secret",
    form: /(?<keep>(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)\w{0,20}\\?["']?[ \t]{0,4}(?:=>|:=|=|:)[ \t]{0,4}\\{0,2}["'`])[^\s"'`\\]{12,}/gi,
  },
  {
    kind: "secret",
    form: /(?<keep>(?:password|passwd|pwd|secret|token|api_?key|access_?key|private_?key)[a-z\d_]{0,20}[ \t]{0,4}[=:][ \t]{0,4})(?=[a-z_+/=.~-]{0,64}\d)[\w+/=.~-]{16,}/gi,
  },
  { kind: "e-mail address", form: /(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}/g },
];
