import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PAPERS } from "../../../ui/application/fields";
import type { Own } from "../queries";
import type { Papers } from "../usePapers";
import { PaperCard } from "./PaperCard";
import classes from "./PapersStep.module.css";

type Props = { token: string; record: Own; papers: Papers };

export function PapersStep({ token, record, papers }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm" c="dimmed">
        {t("apply.papers.lead")}
      </Text>
      <ul className={classes.papers}>
        {PAPERS.map((kind) => (
          <PaperCard
            key={kind}
            kind={kind}
            token={token}
            stored={record.papers.find((paper) => paper.kind === kind)}
            papers={papers}
          />
        ))}
      </ul>
    </>
  );
}
