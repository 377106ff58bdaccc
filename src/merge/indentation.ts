// Files in which indentation is syntax: a line further left is another statement.

export const indentationSpeaks =
  /\.(?:pyi?|pyx|ya?ml|mdx?|rst|haml|slim|pug|jade|sass|styl|coffee|nim|hs|elm|fsx?|mk|gd)$|(?:^|\/)(?:GNU)?makefile$/i;
