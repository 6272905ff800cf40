Attribute VB_Name = "GoujiLink"
Option Explicit
' How a click gets to Python. ASCII only: Chinese stands in Python and XML, or goes through ChrW.

' Tests call this: where one module does not compile, LibreOffice runs none of them and says nothing.
Public Function GoujiCanary() As String
    GoujiCanary = "alive"
End Function

Public Sub GoujiRun(ByVal Command As String)
    On Error GoTo Failed
    ' LibreOffice takes lines that begin with # for comments and so runs this block, and only LibreOffice does:
    ' to Excel and WPS the constant is unknown, which is False. RunPython stands in the user's Basic library there.
#If GoujiLibreOffice Then
    RunPython Command '@pyvba-ignore unknown-call
    Exit Sub
#End If
    ' The add-in holds xlwings' RunPython; it calls Python for the active workbook and waits.
    Application.StatusBar = GoujiText("6B63 5728 5904 7406") & "..."
    Application.Run "'gouji.xlam'!RunPython", Command
    Exit Sub
Failed:
    Application.StatusBar = False
    ' "The buttons do not work yet: run gouji office install on this computer, then open Excel again."
    MsgBox GoujiText("6309 94AE 8FD8 4E0D 80FD 7528 FF1A 8BF7 5728 8FD9 53F0 7535 8111 4E0A 8FD0 884C") & _
        " gouji office install" & GoujiText("FF0C 7136 540E 91CD 65B0 6253 5F00") & " Excel" & _
        GoujiText("3002") & vbCrLf & Err.Description, vbExclamation, "gouji"
End Sub

' Text from the code points of its letters, in hexadecimal, with spaces between.
Private Function GoujiText(ByVal Points As String) As String
    Dim Each_ As Variant
    Dim Text As String
    For Each Each_ In Split(Points, " ")
        Text = Text & ChrW(CLng("&H" & Each_))
    Next
    GoujiText = Text
End Function
