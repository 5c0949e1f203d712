import { useTranslation } from "react-i18next";
import { KeyName } from "../../../ui/audience/KeyName";

/** For which exams a scheme is meant: all, those of a programme, or those of a course. */
export function SchemeScope({ scope }: { scope: string }) {
  const { t } = useTranslation();
  return scope === "institution" ? t("exams.schemes.everywhere") : <KeyName value={scope} />;
}
