import { useFormat } from "../../../ui/format";

const KILO = 1024;

/** A number of bytes as people say it. */
export function Size({ bytes }: { bytes: number | null }) {
  const { number } = useFormat();
  if (bytes === null) return null;
  const isLarge = bytes >= KILO * KILO;
  const shown = isLarge ? Math.round((bytes / KILO / KILO) * 10) / 10 : Math.max(1, Math.round(bytes / KILO));
  return (
    <bdi dir="ltr">
      {number(shown)} {isLarge ? "MB" : "kB"}
    </bdi>
  );
}
