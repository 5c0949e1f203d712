import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type LanguageCode, languageOf, switchLanguage } from "../i18n/i18n";

type Props = { onChosen?: (code: LanguageCode) => void };

export function LanguageSwitch({ onChosen }: Props) {
  const { t, i18n } = useTranslation();
  const choose = (code: LanguageCode) => {
    void switchLanguage(code);
    onChosen?.(code);
  };
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t("ui.language.label")}
      value={languageOf(i18n.language).code}
      data={LANGUAGES.map(({ code, name }) => ({
        value: code,
        label: (
          <span lang={code} dir="auto">
            {name}
          </span>
        ),
      }))}
      onChange={(code) => choose(languageOf(code).code)}
    />
  );
}
