import { Loader } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../api/transport";
import { ErrorPanel } from "./ErrorPanel";
import classes from "./FilePreview.module.css";

type Props = { url: string; name: string };
const SHOWN = new Set(["application/pdf", "image/png", "image/jpeg"]);

/** A picture or a PDF in place. The server forbids frames around its answers, so it is fetched and shown from memory. */
export function FilePreview({ url, name }: Props) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: [url],
    queryFn: async ({ signal }) => {
      const address = new URL(url, window.location.origin);
      const answer = await send(new Request(address, { signal, headers: { Accept: "*/*" } }));
      const type = answer.headers.get("Content-Type") ?? "";
      // Nothing but what is meant is ever drawn with the rights of this page.
      return new Blob([await answer.arrayBuffer()], SHOWN.has(type) ? { type } : {});
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const address = useObjectUrl(query.data);
  return (
    <figure className={classes.sight}>
      {query.error ? (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      ) : !address || !query.data ? (
        <Loader size="sm" />
      ) : query.data.type.startsWith("image/") ? (
        <img src={address} alt={name} />
      ) : (
        <iframe src={address} title={name} className={classes.pages} />
      )}
      <figcaption>
        <a href={url} target="_blank" rel="noreferrer" className={classes.open}>
          <IconExternalLink size={14} aria-hidden="true" />
          {t("ui.openInTab")}
        </a>
      </figcaption>
    </figure>
  );
}

function useObjectUrl(content: Blob | undefined): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!content) return;
    const made = URL.createObjectURL(content);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [content]);
  return address;
}
