type Props = { size?: number; muted?: boolean };

/** The eight-pointed star of the word mark; pure ornament. */
export function Khatam({ size = 24, muted = false }: Props) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <g
        fill="none"
        stroke={muted ? "var(--line)" : "var(--gold)"}
        strokeWidth={muted ? 1.6 : 2}
        strokeLinejoin="round"
      >
        <rect x="7" y="7" width="18" height="18" />
        <rect x="7" y="7" width="18" height="18" transform="rotate(45 16 16)" />
      </g>
      <circle cx="16" cy="16" r="3" fill={muted ? "var(--line)" : "var(--gold)"} />
    </svg>
  );
}
