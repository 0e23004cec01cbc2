/** 合: a roof over one mouth. */
export const Mark = ({ size = 26 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flex: 'none' }}>
    <rect width="32" height="32" rx="7" fill="var(--accent)" />
    <path d="M16 5 5.5 14h3.2L16 7.9l7.3 6.1h3.2zM10.5 14.2h11v2.4h-11zM9 18.6h14V27H9zm2.6 2.4v3.6h8.8V21z" fill="var(--on-accent)" />
  </svg>
)
