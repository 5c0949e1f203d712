import { Button } from "@mantine/core";
import { IconDownload, IconExternalLink } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useSaved } from "../../../ui/useSaved";
import { FEED, materialUrl, type Opened } from "../queries";

type Props = { id: number; kind: "file" | "link"; variant?: "filled" | "default" };

/** Opens material: the server writes the receipt and answers where the content is. */
export function OpenButton({ id, kind, variant = "filled" }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(FEED);
  const [isOpening, setOpening] = useState(false);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const open = async () => {
    setOpening(true);
    setRefusal(null);
    try {
      const { url } = await writeJson<Opened>("POST", `${materialUrl(id)}open/`, {});
      if (kind === "link") window.open(url, "_blank", "noopener,noreferrer");
      else window.location.assign(url);
      await saved();
    } catch (error) {
      setRefusal(asProblem(error));
    } finally {
      setOpening(false);
    }
  };
  const Icon = kind === "link" ? IconExternalLink : IconDownload;
  return (
    <>
      <Button
        variant={variant}
        loading={isOpening}
        onClick={() => void open()}
        leftSection={<Icon size={16} aria-hidden="true" />}
      >
        {kind === "link" ? t("materials.openLink") : t("materials.openFile")}
      </Button>
      {refusal && <ErrorPanel error={refusal} />}
    </>
  );
}
