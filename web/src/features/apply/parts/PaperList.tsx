import { Anchor, List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { megabytes } from "../../../ui/application/files";
import { useFormat } from "../../../ui/format";
import { type Own, paperUrl } from "../queries";

type Props = { token: string; papers: Own["papers"] };

export function PaperList({ token, papers }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const { number } = useFormat();
  if (papers.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("apply.papers.none")}
      </Text>
    );
  }
  return (
    <List size="sm">
      {papers.map(({ kind, size }) => (
        <List.Item key={kind}>
          <Anchor href={paperUrl(token, kind)} target="_blank" rel="noreferrer" size="sm">
            {labelOf("application.paper", kind)}
          </Anchor>{" "}
          <Text span size="xs" c="dimmed">
            {t("apply.papers.there", { size: number(megabytes(size)) })}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
