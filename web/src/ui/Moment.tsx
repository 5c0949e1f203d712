import { useFormat } from "./format";

/** A moment as people say it ("2 hours ago"), exact on hover and for machines. */
export function Moment({ at }: { at: string }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.dateTime(at)}>
      {format.ago(at)}
    </time>
  );
}
